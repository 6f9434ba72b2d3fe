import type { BrowserLogin, SignIns } from '#connectors/kit/sign-in.ts'
import type { Ports } from '#ports/index.ts'
import type { AccountTools } from '#service/tools.ts'
import type { BrowserSignIn } from '#shared/contract/index.ts'

/** Finding and signing in to accounts, put together from the connectors, whose code is loaded when somebody asks. */
export function accountTools(ports: Ports): AccountTools {
  let loading: Promise<SignIns> | null = null
  const signIns = () => {
    loading ??= import('#connectors/kit/sign-in.ts').then(({ SignIns }) => new SignIns(ports.clock))
    return loading
  }
  return {
    discoverMail: async (address) => {
      const { discoverMail, systemFinder } = await import('#connectors/mail/discover.ts')
      return discoverMail(address, systemFinder(ports.http))
    },
    discoverFeed: async (url) => (await import('#connectors/feed/discover.ts')).discoverFeeds(url, ports.http),
    inspectCertificate: async (server) => (await import('#connectors/mail/connection.ts')).inspectCertificate(server),
    oauth: {
      begin: async (input) => (await signIns()).begin(await browserLogin(ports, input)),
      wait: async (flow) => (await signIns()).wait(flow),
      close: async () => (await loading)?.close(),
    },
    signedIn: async (login) => {
      switch (login.kind) {
        case 'flow':
          return (await signIns()).take(login.flow)
        case 'mastodon':
          return (await import('#connectors/mastodon/login.ts')).tokenLogin(ports, login.server, login.token)
        case 'bluesky':
          return (await import('#connectors/bluesky/live/login.ts')).passwordLogin(ports, login)
        case 'sms':
          return (await import('#connectors/sms/login.ts')).smsLogin(login.settings, login.password)
        case 'blog':
          return (await import('#connectors/blog/discover.ts')).blogLogin(ports.http, login)
      }
    },
  }
}

/** Each network's own way through the browser. */
async function browserLogin({ http, clock }: Ports, input: BrowserSignIn): Promise<BrowserLogin> {
  switch (input.provider) {
    case 'google':
    case 'microsoft':
      return (await import('#connectors/mail/browser-login.ts')).mailLogin(http, clock, input)
    case 'mastodon':
      return (await import('#connectors/mastodon/login.ts')).browserLogin({ http, clock }, input.server)
    case 'bluesky':
      return (await import('#connectors/bluesky/live/login.ts')).browserLogin({ http, clock }, input)
  }
}
