/** The line by which a window tells its launcher that it has shown. */
export const STARTED = 'Dispatch Box is open.'
