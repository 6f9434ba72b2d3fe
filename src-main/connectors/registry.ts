import { feedConnector } from './feed/connector.ts'
import { mailConnector } from './mail/connector.ts'

/** Every network there is a connector for, by its name in `shared/model/account.ts`. A new one is a folder beside this file and a line here. */
export const connectors = {
  mail: mailConnector,
  feed: feedConnector,
}
