import { Save } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, ItemBody, ItemKind, Participant } from '../../protocol/generated';
import { Button, Checkbox, ErrorBanner, Select, TextArea, TextInput, useAction } from '../../ui';
import { checkItem, emptyItem, formOfItem, itemBody, type ItemErrors, type ItemForm } from './itemForm';

const KINDS: readonly ItemKind[] = ['information', 'discussion', 'decision'];

export interface ItemEditorProps {
  /** The item that is changed; without it a new one is added. */
  item?: AgendaItem;
  participants: Participant[];
  onSubmit: (body: ItemBody) => Promise<void>;
  onClose: () => void;
}

/** An item's form, in the place where the item stands or will stand. Escape leaves it. */
export function ItemEditor({ item, participants, onSubmit, onClose }: ItemEditorProps): VNode {
  const [form, setForm] = useState(() => (item ? formOfItem(item) : emptyItem()));
  const [errors, setErrors] = useState<ItemErrors>({});
  const { busy, error, run } = useAction();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const found = checkItem(form);
    setErrors(found);
    if (Object.keys(found).length === 0 && (await run(() => onSubmit(itemBody(form))))) onClose();
  }

  return (
    <form
      class="form item-editor"
      aria-label={t(item ? 'item-dialog-edit' : 'item-dialog-new')}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
      noValidate
    >
      <ItemFields form={form} errors={errors} participants={participants} onChange={setForm} />
      <ErrorBanner error={error} />
      <div class="actions actions--end">
        <Button kind="quiet" onClick={onClose}>
          {t('common-cancel')}
        </Button>
        <Button kind="primary" type="submit" icon={Save} busy={busy} data-testid="save-item">
          {t('common-save')}
        </Button>
      </div>
    </form>
  );
}

interface ItemFieldsProps {
  form: ItemForm;
  errors: ItemErrors;
  participants: Participant[];
  onChange: (form: ItemForm) => void;
}

function ItemFields({ form, errors, participants, onChange }: ItemFieldsProps): VNode {
  const set = (change: Partial<ItemForm>) => onChange({ ...form, ...change });
  const presenters = participants.map(({ personId, name }) => ({ value: personId, text: name }));
  return (
    <>
      <TextInput
        label={t('item-title')}
        value={form.title}
        maxLength={200}
        autofocus
        error={errors.title ? t(errors.title) : null}
        onValue={(title) => set({ title })}
        data-testid="item-title"
      />
      <div class="form__row">
        <Select
          label={t('item-kind')}
          value={form.kind}
          options={KINDS.map((kind) => ({ value: kind, text: t(`kind-${kind}`) }))}
          onValue={(kind) => set({ kind: kind as ItemKind })}
          data-testid="item-kind"
        />
        <TextInput
          label={t('item-minutes')}
          type="number"
          min="0"
          max="1440"
          value={form.minutes}
          error={errors.minutes ? t(errors.minutes) : null}
          onValue={(minutes) => set({ minutes })}
        />
      </div>
      <Select
        label={t('item-presenter')}
        value={form.presenterId}
        options={[{ value: '', text: t('item-presenter-none') }, ...presenters]}
        onValue={(presenterId) => set({ presenterId })}
      />
      <TextArea
        label={t('item-description')}
        optional
        rows={3}
        maxLength={20_000}
        value={form.description}
        onValue={(description) => set({ description })}
      />
      <Checkbox
        label={t('item-restrict')}
        hint={t('item-restrict-hint')}
        checked={form.restricted}
        onValue={(restricted) => set({ restricted })}
      />
      {form.restricted ? (
        <Readers form={form} error={errors.readers} participants={participants} onChange={(readers) => set({ readers })} />
      ) : null}
    </>
  );
}

interface ReadersProps {
  form: ItemForm;
  error: string | undefined;
  participants: Participant[];
  onChange: (readers: string[]) => void;
}

function Readers({ form, error, participants, onChange }: ReadersProps): VNode {
  const toggle = (personId: string, chosen: boolean) =>
    onChange(chosen ? [...form.readers, personId] : form.readers.filter((reader) => reader !== personId));
  return (
    <fieldset class="readers">
      <legend>{t('item-readers')}</legend>
      {error ? <p class="field__error">{t(error)}</p> : null}
      {participants.map(({ personId, name, title }) => (
        <Checkbox
          key={personId}
          label={name}
          hint={title}
          checked={form.readers.includes(personId)}
          onValue={(chosen) => toggle(personId, chosen)}
        />
      ))}
    </fieldset>
  );
}
