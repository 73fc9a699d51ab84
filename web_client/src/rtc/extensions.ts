import type { types } from 'mediasoup-client';

type Extension = NonNullable<types.RtpCapabilities['headerExtensions']>[number];
type Kind = 'audio' | 'video';

/**
 * A browser's capabilities with the header extensions of both kinds. mediasoup-client reads them from an offer by their
 * numbers, which sound and pictures share there, and so keeps of each that of pictures alone.
 *
 * Without transport-wide numbers on sound the relay takes for the whole way what is left beside it.
 */
export function withBothKinds(
  capabilities: types.RtpCapabilities,
  supported: (kind: Kind) => readonly string[] = browserExtensions,
): types.RtpCapabilities {
  const known = capabilities.headerExtensions ?? [];
  const missing = (['audio', 'video'] as const).flatMap((kind) => {
    const had = new Set(known.filter((one) => one.kind === kind).map((one) => one.uri));
    const also = new Set<string>(supported(kind).filter((uri) => !had.has(uri as Extension['uri'])));
    return known.filter((one) => one.kind !== kind && also.has(one.uri)).map((one) => ({ ...one, kind }));
  });
  return { ...capabilities, headerExtensions: [...known, ...missing] };
}

function browserExtensions(kind: Kind): readonly string[] {
  return RTCRtpReceiver.getCapabilities(kind)?.headerExtensions.map((one) => one.uri) ?? [];
}
