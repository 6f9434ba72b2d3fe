/** Runs `work` at once, and then at most once per `ms` however often it is asked for; the last asking is always heard. */
export function throttle(work: () => void, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let again = false
  const run = () => {
    work()
    timer = setTimeout(() => {
      timer = null
      if (!again) return
      again = false
      run()
    }, ms)
  }
  return () => {
    if (timer === null) run()
    else again = true
  }
}
