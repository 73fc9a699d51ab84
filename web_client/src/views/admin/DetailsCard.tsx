import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AdministeredAccount, PlaceList } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, Card, ErrorBanner, notify, useAction } from '../../ui';
import { DetailFields, type Details, missing } from './DetailFields';

export interface CardProps {
  person: AdministeredAccount;
  places: PlaceList;
  onDone: () => void;
}

function detailsOf({ account, email, locale }: AdministeredAccount): Details {
  const { username, name, title, unitId, siteId } = account;
  return { username, name, title, email, unitId, siteId, locale: locale === 'en' ? 'en' : 'vi' };
}

/** Name, title, unit and the like, to be changed. */
export function DetailsCard({ person, places, onDone }: CardProps): VNode {
  const [details, setDetails] = useState(detailsOf(person));
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const hall = person.account.roles.includes('room');

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (Object.keys(missing(details, hall)).length > 0) return;
    const saved = await run(() => withStepUp(() => api.put(`/administration/people/${person.account.id}`, details)));
    if (!saved) return;
    notify(t('admin-saved'));
    onDone();
  }

  return (
    <Card title={t('admin-details')}>
      <form class="form" onSubmit={submit} noValidate>
        <DetailFields details={details} places={places} hall={hall} tried={tried} onChange={setDetails} />
        <ErrorBanner error={error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={busy} data-testid="details-save">
            {t('common-save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
