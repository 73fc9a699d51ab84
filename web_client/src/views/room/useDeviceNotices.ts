import { useEffect } from 'preact/hooks';
import { t } from '../../i18n';
import type { LocalSource } from '../../rtc/source';
import { notify } from '../../ui';

/** Says that a device was unplugged while it was in use, and what took its place. */
export function useDeviceNotices(source: LocalSource, name: 'microphone' | 'camera'): void {
  const unplugged = source.unplugged.value;
  useEffect(() => {
    if (!unplugged) return;
    const { was, now } = unplugged;
    notify(now === null ? t(`device-${name}-gone`, { was }) : t(`device-${name}-replaced`, { was, now }));
  }, [unplugged]);
}
