import { systemHttp } from '#hosts/ports/http.ts'
import { ProblemError } from '#shared/model/index.ts'

/** Run by `http-trust.test.ts` with an authority that this process trusts: says what became of a request. */
try {
  const answer = await systemHttp.fetch({ url: process.argv[2] ?? '', maxBytes: 1000, timeoutMs: 10_000 })
  console.log(JSON.stringify({ status: answer.status, url: answer.url }))
} catch (error) {
  if (!(error instanceof ProblemError)) throw error
  console.log(JSON.stringify(error.toProblem()))
}
