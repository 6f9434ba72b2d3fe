/** What a repository may be at most: the file may come from anyone. Each limit has a test at it and over it. */
export const limits = {
  /** Bytes of the header of a CAR: a version and one or two content ids. Over: not a CAR. */
  headerBytes: 4 * 1024,
  /** Bytes of one block. The protocol allows records of 1 MB; nodes of the tree are far smaller. Over: passed over, and told. */
  blockBytes: 4 * 1024 * 1024,
  /** Nodes between the root of the tree and a record. A tree of a thousand million records has about 16. Over: not followed. */
  treeDepth: 64,
  /** Entries of all nodes together. The largest repositories have some millions of records. Over: the rest has no place, and is told. */
  entries: 20_000_000,
  /** Characters of a key, `collection/rkey`: 317 and 512 by the protocol. Over: the entry is not followed. */
  keyChars: 900,
  /** Facets of one post. A post has 300 characters. The rest is plain text. */
  facets: 300,
  /** Characters of a name or a handle. */
  partyChars: 640,
  /** Characters of an address. */
  linkChars: 2_000,
} as const
