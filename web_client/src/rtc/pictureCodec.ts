import type { types } from 'mediasoup-client';

const STORED = 'plenum.pictureCodec';
/** What every browser decodes. */
const COMMON = 'video/vp8';

/**
 * The codec in which this computer sends pictures. It is VP8, or another one where that is missing, or was chosen for a
 * computer that encodes it by itself (`plenum.pictureCodec` in the local storage, such as `video/h264`).
 */
export function pictureCodec(codecs: readonly types.RtpCodecCapability[] = []): types.RtpCodecCapability | undefined {
  const pictures = codecs.filter(({ mimeType }) => /^video\/(?!rtx$)/i.test(mimeType));
  const named = (name: string | null) => pictures.find((one) => one.mimeType.toLowerCase() === name?.toLowerCase());
  return named(localStorage.getItem(STORED)) ?? named(COMMON) ?? pictures[0];
}

/** Whether frames of it can be left out on the way: the relay reads the temporal layers of no other codec. */
export function hasTemporalLayers(codec: types.RtpCodecCapability | undefined): boolean {
  return codec?.mimeType.toLowerCase() === COMMON;
}
