import type { VNode } from 'preact';

const CENTRE = { x: 16, y: 25 };
const ROWS = [
  { seats: 4, radius: 6.6, size: 1.9 },
  { seats: 7, radius: 12.6, size: 2.1 },
];

/** The mark: a chamber's seats in two arcs before the speaker. */
export function Brand({ size = 28 }: { size?: number }): VNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true" focusable="false">
      {ROWS.flatMap((row) =>
        Array.from({ length: row.seats }, (_, seat) => {
          const angle = Math.PI * (1 - seat / (row.seats - 1));
          const x = CENTRE.x + row.radius * Math.cos(angle);
          const y = CENTRE.y - row.radius * Math.sin(angle);
          return <circle key={`${row.radius}/${seat}`} cx={x} cy={y} r={row.size} />;
        }),
      )}
      <rect x={CENTRE.x - 2.6} y={CENTRE.y - 1.6} width="5.2" height="3.6" rx="1.2" />
    </svg>
  );
}
