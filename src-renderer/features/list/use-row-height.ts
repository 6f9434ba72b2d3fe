import { useEffect, useState } from 'react'

/** Height of a row in rem; the same number is `--row` in the style sheet. */
const ROW_REM = 4.375

const measure = () => Math.round(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * ROW_REM)

/** Height of a row in pixels. It follows the text size that the person has set. */
export function useRowHeight(): number {
  const [height, setHeight] = useState(measure)
  useEffect(() => {
    const onResize = () => setHeight(measure())
    window.addEventListener('resize', onResize)
    return () => window.removeEventListener('resize', onResize)
  }, [])
  return height
}
