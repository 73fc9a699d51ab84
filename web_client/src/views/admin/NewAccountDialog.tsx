import { UserPlus } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { NewAccount, PlaceList, WelcomeLink } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, Dialog, ErrorBanner, Select, useAction } from '../../ui';
import { DetailFields, type Details, missing, NO_DETAILS } from './DetailFields';
import { LinkDialog } from './LinkDialog';
import { clearanceOptions, type Duty, dutyOptions, readsContent } from './roles';

export interface NewAccountDialogProps {
  places: PlaceList;
  /** Makes a hall instead of a person. */
  hall?: boolean;
  onClose: () => void;
}

/** Makes an account, then shows its welcome link. */
export function NewAccountDialog({ places, hall = false, onClose }: NewAccountDialogProps): VNode {
  const [details, setDetails] = useState<Details>(NO_DETAILS);
  const [duty, setDuty] = useState<Duty>(hall ? 'room' : 'member');
  const [clearance, setClearance] = useState(String(Math.min(1, places.labelCeiling)));
  const [tried, setTried] = useState(false);
  const [link, setLink] = useState<WelcomeLink | null>(null);
  const { busy, error, run } = useAction();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (Object.keys(missing(details, duty === 'room')).length > 0) return;
    const rights = { roles: [duty], clearance: readsContent(duty) ? Number(clearance) : 0 };
    const body: NewAccount = { details, rights };
    await run(async () => setLink(await withStepUp(() => api.post<WelcomeLink>('/administration/people', body))));
  }

  if (link) return <LinkDialog link={link} onClose={onClose} />;
  const duties = dutyOptions().filter(({ value }) => value !== 'room');
  return (
    <Dialog wide title={t(hall ? 'admin-add-hall' : 'admin-add-person')} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <DetailFields details={details} places={places} hall={hall} tried={tried} onChange={setDetails} />
        <div class="form__row">
          {hall ? null : (
            <Select label={t('admin-role')} hint={t(`admin-role-${duty}-hint`)} value={duty} options={duties} onValue={(value) => setDuty(value as Duty)} data-testid="account-role" />
          )}
          {readsContent(duty) ? (
            <Select label={t('admin-clearance')} hint={t('admin-clearance-hint')} value={clearance} options={clearanceOptions(places.labelCeiling)} onValue={setClearance} data-testid="account-clearance" />
          ) : null}
        </div>
        <ErrorBanner error={error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" icon={UserPlus} busy={busy} data-testid="account-create">
            {t('admin-create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
