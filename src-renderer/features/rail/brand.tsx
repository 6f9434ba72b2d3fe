/** The sign of the program, as in `assets/icon.svg`, small. */
export function Brand() {
  return (
    <svg className="brand" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="22" height="22" rx="5.5" fill="#27346f" />
      <path d="M5.5 10.5 12 5.5l6.5 5z" fill="#fff" />
      <path d="M5.5 12.5h3.7c.3 1.5 1.4 2.4 2.8 2.4s2.5-.9 2.8-2.4h3.7V18a.9.9 0 0 1-.9.9H6.4a.9.9 0 0 1-.9-.9z" fill="#cfd8ff" />
    </svg>
  )
}
