import { feedConnector } from './feed/connector.ts'

/** Every network there is a connector for, by its name in `shared/model/account.ts`. A new one is a folder beside this file and a line here. */
export const connectors = {
  feed: feedConnector,
}
