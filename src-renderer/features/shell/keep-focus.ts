import { useEffect } from 'react'
import { places } from '../commands/navigation.ts'

/** Parts of the window in which the keyboard stays when what had it goes. */
const parts = `#${places.conversation}, .list-pane, main.settings, #${places.details}, main.archive`
/** Where it goes otherwise: the first of these that is on the screen. */
const homes = [`#${places.list}`, `#${places.conversation}`, 'main.settings', `#${places.found}`, 'main.archive']

/**
 * Never leaves the keyboard nowhere. A button that goes with its conversation, a toolbar that goes with its selection: the
 * browser then gives the keyboard to the page, where nobody sees it and Tab begins from the top. It goes to the part that
 * the lost thing was in instead.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null
    let part: Element | null = null
    let planned = false
    const onFocus = (event: FocusEvent) => {
      if (!(event.target instanceof Element)) return
      last = event.target
      part = last.closest(parts)
    }
    const lost = () => last !== null && !last.isConnected && (document.activeElement ?? document.body) === document.body
    const mend = () => {
      planned = false
      // Dialogs and menus give the keyboard back themselves.
      if (!lost() || document.querySelector('[role=dialog], [role=menu]')) return
      const home = part?.matches('.list-pane') ? null : part
      const candidates = [home, ...homes.map((selector) => document.querySelector(selector))]
      const found = candidates.find((element) => element?.isConnected && element.checkVisibility())
      if (found instanceof HTMLElement) found.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(() => {
      if (planned || !lost()) return
      planned = true
      // Two frames: a dialog that closes takes one to put the keyboard back where it was.
      requestAnimationFrame(() => requestAnimationFrame(mend))
    })
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', onFocus)
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', onFocus)
    }
  }, [])
}
