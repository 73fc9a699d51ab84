import type { VNode } from 'preact';
import { t } from '../../i18n';
import { Banner } from '../../ui';
import type { RoomView } from './model';

/** Says what is broken, what still works, and that it repairs itself. */
export function ConnectionBanner({ room }: { room: RoomView }): VNode | null {
  const { meeting, session } = room;
  if (!meeting.following.value) {
    return (
      <Banner tone="warning" title={t('room-reconnecting')} data-testid="reconnecting">
        <p>{t('room-reconnecting-text')}</p>
      </Banner>
    );
  }
  if (session.state.value === 'unavailable') {
    return (
      <Banner tone="warning" title={t('room-no-media')}>
        <p>{t('room-no-media-text')}</p>
      </Banner>
    );
  }
  return null;
}
