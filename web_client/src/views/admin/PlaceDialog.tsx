import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { PlaceUnit, SiteBody, UnitBody } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, Dialog, ErrorBanner, notify, Select, TextArea, TextInput, useAction } from '../../ui';
import type { Kind, Place } from './Places';

export interface PlaceDialogProps {
  kind: Kind;
  /** Null makes a new one. */
  place: Place | null;
  units: PlaceUnit[];
  onDone: () => void;
  onClose: () => void;
}

/** Adds or changes a unit or a site. */
export function PlaceDialog({ kind, place, units, onDone, onClose }: PlaceDialogProps): VNode {
  const [name, setName] = useState(place?.name ?? '');
  const [unitId, setUnitId] = useState(place?.unitId ?? '');
  const [ranges, setRanges] = useState(place?.ranges.join('\n') ?? '');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (!name.trim()) return;
    const unit: UnitBody = { name, parentId: unitId || null };
    const site: SiteBody = { name, unitId: unitId || null, addressRanges: ranges.split(/[\s,;]+/u).filter(Boolean) };
    const body = kind === 'unit' ? unit : site;
    const path = `/administration/${kind}s`;
    const saved = await run(() => withStepUp(() => (place ? api.put(`${path}/${place.id}`, body) : api.post<unknown>(path, body))));
    if (!saved) return;
    notify(t('admin-saved'));
    onDone();
    onClose();
  }

  const above = [{ value: '', text: t('admin-no-place') }, ...units.filter(({ id }) => id !== place?.id).map((unit) => ({ value: unit.id, text: unit.name }))];
  return (
    <Dialog title={place ? t('admin-place-edit', { name: place.name }) : t(`admin-add-${kind}`)} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <TextInput label={t(`admin-${kind}-name`)} autofocus maxLength={200} value={name} error={tried && !name.trim() ? t('admin-name-missing') : null} onValue={setName} data-testid="place-name" />
        <Select label={t(kind === 'unit' ? 'admin-unit-above' : 'admin-unit')} optional value={unitId} options={above} onValue={setUnitId} />
        {kind === 'site' ? <TextArea label={t('admin-ranges')} hint={t('admin-ranges-hint')} optional spellcheck={false} rows={2} value={ranges} onValue={setRanges} /> : null}
        <ErrorBanner error={error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy} data-testid="place-save">
            {t('common-save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
