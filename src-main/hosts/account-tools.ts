import { discoverFeeds } from '#connectors/feed/discover.ts'
import { inspectCertificate } from '#connectors/mail/connection.ts'
import { discoverMail, systemFinder } from '#connectors/mail/discover.ts'
import { SignIns } from '#connectors/mail/sign-in.ts'
import type { Ports } from '#ports/index.ts'
import type { AccountTools } from '#service/tools.ts'

/** Finding and signing in to accounts, put together from the connectors. */
export function accountTools(ports: Ports): AccountTools {
  return {
    discoverMail: (address) => discoverMail(address, systemFinder(ports.http)),
    discoverFeed: (url) => discoverFeeds(url, ports.http),
    inspectCertificate,
    oauth: new SignIns(ports.http, ports.clock),
  }
}
