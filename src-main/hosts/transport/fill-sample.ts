import { connect } from '#shared/contract/client.ts'
import { ProblemError } from '#shared/model/index.ts'
import { memoryWires } from './memory.ts'
import type { Transport } from './serve.ts'

/** Asks for the sample by the same call as the interface; an office that has accounts stays as it is. */
export async function fillSample(transport: Transport): Promise<void> {
  const [here, there] = memoryWires()
  transport.serve(there)
  const connection = connect(here)
  try {
    await connection.client.office.sample()
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'has_accounts')) throw error
  } finally {
    connection.close()
  }
}
