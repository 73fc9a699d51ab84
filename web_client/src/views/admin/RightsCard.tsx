import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AccountRights } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, Card, ConfirmDialog, notify, Select } from '../../ui';
import type { CardProps } from './DetailsCard';
import { clearanceOptions, type Duty, dutyOf, dutyOptions, readsContent } from './roles';

/** Role and clearance. Changing them is confirmed, since it ends what the person has open. */
export function RightsCard({ person, places, onDone }: CardProps): VNode {
  const { id, name, roles, clearance: held } = person.account;
  const before = dutyOf(roles);
  const [duty, setDuty] = useState<Duty>(before);
  const [clearance, setClearance] = useState(held);
  const [asking, setAsking] = useState(false);
  const changed = duty !== before || clearance !== held;

  async function save(): Promise<void> {
    const body: AccountRights = {
      roles: duty === before ? roles : [duty],
      clearance: readsContent(duty) || duty === before ? clearance : 0,
    };
    await withStepUp(() => api.put(`/administration/people/${id}/rights`, body));
    notify(t('admin-saved'));
    onDone();
  }

  if (person.own)
    return (
      <Card title={t('admin-rights')}>
        <p>{t(`admin-role-${before}`)}</p>
        <p class="muted">{t('admin-own')}</p>
      </Card>
    );
  return (
    <Card title={t('admin-rights')}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) setAsking(true);
        }}
      >
        <div class="form__row">
          <Select label={t('admin-role')} hint={t(`admin-role-${duty}-hint`)} value={duty} options={dutyOptions()} onValue={(value) => setDuty(value as Duty)} data-testid="rights-role" />
          {readsContent(duty) ? (
            <Select label={t('admin-clearance')} hint={t('admin-clearance-hint')} value={String(clearance)} options={clearanceOptions(places.labelCeiling, held)} onValue={(value) => setClearance(Number(value))} data-testid="rights-clearance" />
          ) : (
            <p class="muted">{t('admin-no-content')}</p>
          )}
        </div>
        <div class="actions">
          <Button type="submit" disabled={!changed} data-testid="rights-save">
            {t('admin-rights-save')}
          </Button>
        </div>
      </form>
      {asking ? (
        <ConfirmDialog title={t('admin-rights-confirm', { name })} confirm={t('admin-rights-save')} onConfirm={save} onClose={() => setAsking(false)} data-testid="rights-confirm">
          {duty === before ? null : <p>{t('admin-rights-role', { old: t(`admin-role-${before}`), new: t(`admin-role-${duty}`) })}</p>}
          {clearance === held ? null : <p>{t('admin-rights-clearance', { old: t(`label-${held}`), new: t(`label-${clearance}`) })}</p>}
          <p>{t(duty !== before || clearance < held ? 'admin-rights-ends' : 'admin-rights-grows')}</p>
        </ConfirmDialog>
      ) : null}
    </Card>
  );
}
