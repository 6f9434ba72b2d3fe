import type { Batch, Client, Committed, Connector, Context } from '#connectors/connector.ts'

type Commit = (batch: Batch) => Promise<Committed>

/** A connector with another way to save. `atEnd` runs when a pass came to its end. */
function saving<Settings>(
  connector: Connector<Settings>,
  otherwise: (commit: Commit) => { commit: Commit; atEnd: () => Promise<void> },
): Connector<Settings> {
  return {
    ...connector,
    create(context: Context<Settings>): Client {
      const { commit, atEnd } = otherwise((batch) => context.commit(batch))
      const client = connector.create(Object.create(context, { commit: { value: commit } }) as Context<Settings>)
      const sync = client.sync.bind(client)
      client.sync = async (signal) => {
        const remark = await sync(signal)
        await atEnd()
        return remark
      }
      return client
    },
  }
}

const nothing = () => Promise.resolve()

/** Ways to be wrong about the order in which things are saved; `none` is right. */
export const mutants = {
  none: <Settings>(connector: Connector<Settings>) => saving(connector, (commit) => ({ commit, atEnd: nothing })),

  /** Each cursor is saved in a transaction of its own, just before the messages that it speaks of. */
  'cursor first': <Settings>(connector: Connector<Settings>) =>
    saving(connector, (commit) => ({
      commit: async (batch) => {
        await commit({ ...batch, messages: [], marks: [], gone: [] })
        return commit(batch)
      },
      atEnd: nothing,
    })),

  /** Messages come one batch late: each cursor is saved with the messages of the one before. */
  'cursor ahead': <Settings>(connector: Connector<Settings>) =>
    saving(connector, (commit) => {
      let late: Batch | null = null
      return {
        commit: (batch) => {
          const messages = late?.messages ?? []
          late = batch
          return commit({ ...batch, messages })
        },
        atEnd: async () => {
          if (late) await commit(late)
          late = null
        },
      }
    }),
}
