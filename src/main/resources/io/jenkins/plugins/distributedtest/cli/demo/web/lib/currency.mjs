/** Formats cents as an amount. */
export function format(cents, sign = '€') {
  const whole = Math.trunc(Math.abs(cents) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ' ');
  return `${cents < 0 ? '-' : ''}${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')} ${sign}`;
}

/** Splits an amount into parts that differ by a cent at most. */
export function split(cents, parts) {
  if (!Number.isInteger(parts) || parts < 1) throw new RangeError(`not a number of parts: ${parts}`);
  return Array.from({ length: parts }, (_, i) => Math.floor((cents + i) / parts));
}
