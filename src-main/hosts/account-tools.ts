import type { Ports } from '#ports/index.ts'
import type { AccountTools } from '#service/tools.ts'

/** Finding and signing in to accounts, put together from the connectors, whose code is loaded when somebody asks. */
export function accountTools(ports: Ports): AccountTools {
  let signIns: Promise<AccountTools['oauth']> | null = null
  const oauth = () => {
    signIns ??= import('#connectors/mail/sign-in.ts').then(({ SignIns }) => new SignIns(ports.http, ports.clock))
    return signIns
  }
  return {
    discoverMail: async (address) => {
      const { discoverMail, systemFinder } = await import('#connectors/mail/discover.ts')
      return discoverMail(address, systemFinder(ports.http))
    },
    discoverFeed: async (url) => (await import('#connectors/feed/discover.ts')).discoverFeeds(url, ports.http),
    inspectCertificate: async (server) => (await import('#connectors/mail/connection.ts')).inspectCertificate(server),
    oauth: {
      begin: async (input) => (await oauth()).begin(input),
      wait: async (flow) => (await oauth()).wait(flow),
      take: async (flow) => (await oauth()).take(flow),
      close: async () => (await signIns)?.close(),
    },
  }
}
