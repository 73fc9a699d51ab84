import { Building2, Pencil, Plus, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { PlaceList } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, Card, ConfirmDialog, EmptyState, ErrorBanner, IconButton, Loading, notify, PageHeading, useLoad } from '../../ui';
import { PlaceDialog } from './PlaceDialog';

export type Kind = 'unit' | 'site';

/** A unit or a site, as the page shows both. */
export interface Place {
  id: string;
  name: string;
  /** The unit above, or to which the site belongs. */
  unitId: string | null;
  ranges: string[];
  people: number;
}

export function placesOf(kind: Kind, list: PlaceList): Place[] {
  if (kind === 'site') return list.sites.map(({ addressRanges, ...site }) => ({ ...site, ranges: addressRanges }));
  return list.units.map(({ parentId, ...unit }) => ({ ...unit, unitId: parentId, ranges: [] }));
}

/** Sites and units: where the organisation is, and how it is divided. */
export function Places(): VNode {
  const { data, error, reload } = useLoad((stop) => api.get<PlaceList>('/administration/places', stop), 'places');
  return (
    <>
      <PageHeading title={t('admin-nav-sites')} meta={<span>{t('admin-places-lead')}</span>} />
      <div class="admin">
        <ErrorBanner error={error} onRetry={() => void reload()} />
        {data ? (
          <>
            <PlaceCard kind="site" list={data} onDone={() => void reload()} />
            <PlaceCard kind="unit" list={data} onDone={() => void reload()} />
          </>
        ) : error ? null : (
          <Loading />
        )}
      </div>
    </>
  );
}

function PlaceCard({ kind, list, onDone }: { kind: Kind; list: PlaceList; onDone: () => void }): VNode {
  const [edited, setEdited] = useState<Place | 'new' | null>(null);
  const [removed, setRemoved] = useState<Place | null>(null);
  const places = placesOf(kind, list);
  const units = new Map(list.units.map(({ id, name }) => [id, name]));

  async function remove(place: Place): Promise<void> {
    await withStepUp(() => api.delete(`/administration/${kind}s/${place.id}`));
    notify(t('admin-place-removed'));
    onDone();
  }

  return (
    <Card
      title={t(`admin-${kind}s`)}
      aside={
        <Button icon={Plus} onClick={() => setEdited('new')} data-testid={`add-${kind}`}>
          {t(`admin-add-${kind}`)}
        </Button>
      }
    >
      {places.length === 0 ? (
        <EmptyState icon={Building2} title={t(`admin-no-${kind}s`)} />
      ) : (
        <ul class="admin-places">
          {places.map((place) => (
            <li key={place.id} data-testid={`place-${kind}`}>
              <span class="admin-places__name">
                <strong>{place.name}</strong>
                <span class="muted">
                  {[units.get(place.unitId ?? ''), t('admin-place-people', { count: place.people }), place.ranges.join(', ')].filter(Boolean).join(' · ')}
                </span>
              </span>
              <IconButton icon={Pencil} label={t('admin-place-edit', { name: place.name })} onClick={() => setEdited(place)} />
              <IconButton icon={Trash2} danger label={t('admin-place-remove', { name: place.name })} onClick={() => setRemoved(place)} />
            </li>
          ))}
        </ul>
      )}
      {edited ? <PlaceDialog kind={kind} place={edited === 'new' ? null : edited} units={list.units} onDone={onDone} onClose={() => setEdited(null)} /> : null}
      {removed ? (
        <ConfirmDialog danger title={t('admin-place-remove', { name: removed.name })} confirm={t('common-delete')} onConfirm={() => remove(removed)} onClose={() => setRemoved(null)} data-testid="place-remove-confirm">
          <p>{t('admin-place-remove-text')}</p>
        </ConfirmDialog>
      ) : null}
    </Card>
  );
}
