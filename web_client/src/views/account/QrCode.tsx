import type { VNode } from 'preact';
import { t } from '../../i18n';

const QUIET = 4; // light modules around the code, without which readers do not find it (ISO/IEC 18004)

/** A QR code from its rows of modules, dark on light whatever the page's colours are. */
export function QrCode({ rows }: { rows: readonly string[] }): VNode {
  const size = rows.length + 2 * QUIET;
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('account-qr')} shape-rendering="crispEdges">
      <rect class="qr__light" width={size} height={size} />
      <path class="qr__dark" d={qrPath(rows)} />
    </svg>
  );
}

/** One path of all dark modules, a run of them at a time. */
export function qrPath(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) =>
      [...row.matchAll(/1+/gu)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`),
    )
    .join('');
}
