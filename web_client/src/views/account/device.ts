/** A browser and a system as words; what is not known is left out. */
export interface Device {
  browser: string | null;
  system: string | null;
  handheld: boolean;
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//u, 'Edge'],
  [/\bOPR\//u, 'Opera'],
  [/\bcoc_coc_browser\//u, 'Cốc Cốc'],
  [/\b(?:Firefox|FxiOS)\//u, 'Firefox'],
  [/(?:Chrome|CriOS)\//u, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//u, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/u, 'Android'],
  [/\biPhone\b/u, 'iPhone'],
  [/\biPad\b/u, 'iPad'],
  [/\bWindows\b/u, 'Windows'],
  [/\bMac OS X\b/u, 'macOS'],
  [/\bCrOS\b/u, 'ChromeOS'],
  [/\bLinux\b/u, 'Linux'],
];

/** Read what a browser says of itself. It may lie: this helps to recognise a session and proves nothing. */
export function deviceOf(userAgent: string): Device {
  const name = (known: readonly (readonly [RegExp, string])[]) =>
    known.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  return {
    browser: name(BROWSERS),
    system: name(SYSTEMS),
    handheld: /\b(?:Mobile|Android|iPhone|iPad)\b/u.test(userAgent),
  };
}
