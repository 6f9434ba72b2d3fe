const firstLetter = 97
const letters = 26

/** A list of endings of words, and which of them a word has: looked up letter by letter from its last one, whatever their number. */
export class Endings {
  /** For each node where each letter leads; 0 leads nowhere. The first node is the end of the word. */
  readonly #next: number[] = new Array<number>(letters).fill(0)
  /** Whether an ending is whole at a node. */
  readonly #whole: boolean[] = [false]

  /** @param list Endings of letters from a to z, with blanks between. */
  constructor(list: string) {
    for (const ending of list.split(' ')) this.#add(ending)
  }

  #add(ending: string): void {
    let node = 0
    for (let at = ending.length - 1; at >= 0; at--) {
      const step = node * letters + ending.charCodeAt(at) - firstLetter
      let next = this.#next[step] ?? 0
      if (next === 0) {
        next = this.#whole.length
        this.#next[step] = next
        this.#whole.push(false)
        for (let letter = 0; letter < letters; letter++) this.#next.push(0)
      }
      node = next
    }
    this.#whole[node] = true
  }

  /** Letters of the longest ending that a word has; 0 when it has none. @param word Letters from a to z. */
  of(word: string): number {
    let node = 0
    let longest = 0
    for (let at = word.length - 1; at >= 0; at--) {
      node = this.#next[node * letters + word.charCodeAt(at) - firstLetter] ?? 0
      if (node === 0) break
      if (this.#whole[node]) longest = word.length - at
    }
    return longest
  }
}
