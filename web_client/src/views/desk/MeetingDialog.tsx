import { Save } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { currentLocale, t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import { api } from '../../protocol/http';
import type { Directory, MeetingFields, NewMeeting, RulesPreset, RulesPresets } from '../../protocol/generated';
import { me, serverNow } from '../../state/session';
import { Button, Dialog, ErrorBanner, Loading, type Option, readerZone, Select, TextArea, TextInput, useAction, useLoad } from '../../ui';
import { checkForm, emptyForm, type FormErrors, formOf, type MeetingForm, meetingPatch, moveStart, newMeeting } from './meetingForm';
import { presetName, rulesText } from './rulesText';
import { zoneOptions } from './zones';

interface Choices {
  presets: RulesPreset[];
  ceiling: number;
}

async function loadChoices(signal: AbortSignal): Promise<Choices> {
  const [rules, directory] = await Promise.all([
    api.get<RulesPresets>('/rules', signal),
    api.get<Directory>('/directory', signal),
  ]);
  return { presets: rules.presets, ceiling: Math.min(directory.labelCeiling, me.value?.clearance ?? 0) };
}

export interface MeetingDialogProps {
  /** The meeting that is edited; without it a new one is made. */
  meeting?: MeetingFields;
  /** Gets the whole body for a new meeting, and only what may change (no label) for one that exists. */
  onSubmit: (body: NewMeeting) => Promise<void>;
  onClose: () => void;
}

/** Makes a meeting or changes its details. */
export function MeetingDialog({ meeting, onSubmit, onClose }: MeetingDialogProps): VNode {
  const { data, error, reload } = useLoad(loadChoices, 'choices');
  const action = useAction();
  const language = currentLocale().source;
  const [form, setForm] = useState(() => (meeting ? formOf(meeting) : emptyForm(serverNow(), readerZone(), language)));
  const [errors, setErrors] = useState<FormErrors>({});

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const found = checkForm(form);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const body = meeting ? (meetingPatch(form, meeting) as NewMeeting) : newMeeting(form);
    if (await action.run(() => onSubmit(body))) onClose();
  }

  return (
    <Dialog title={t(meeting ? 'desk-edit-meeting' : 'home-new')} onClose={onClose} wide>
      {data ? (
        <form class="form" onSubmit={submit} noValidate>
          <Fields form={form} errors={{ ...errors, ...refusedField(action.error) }} choices={data} editing={!!meeting} onChange={setForm} />
          <ErrorBanner error={action.error} />
          <div class="actions actions--end">
            <Button kind="quiet" onClick={onClose}>
              {t('common-cancel')}
            </Button>
            <Button kind="primary" type="submit" icon={Save} busy={action.busy} data-testid="save-meeting">
              {t(meeting ? 'common-save' : 'desk-create')}
            </Button>
          </div>
        </form>
      ) : (
        <>
          <ErrorBanner error={error} onRetry={() => void reload()} />
          {error ? null : <Loading />}
        </>
      )}
    </Dialog>
  );
}

/** The field that the hub did not accept, if it said which. */
function refusedField(error: unknown): FormErrors {
  if (!(error instanceof ApiError) || error.code !== 'invalid') return {};
  const names: Record<string, keyof MeetingForm> = { startsAt: 'start', endsAt: 'end' };
  const field = String(error.params['field'] ?? '');
  const name = names[field] ?? (field as keyof MeetingForm);
  return { [name]: 'desk-field-refused' };
}

interface FieldsProps {
  form: MeetingForm;
  errors: FormErrors;
  choices: Choices;
  editing: boolean;
  onChange: (form: MeetingForm) => void;
}

function Fields({ form, errors, choices, editing, onChange }: FieldsProps): VNode {
  const set = (change: Partial<MeetingForm>) => onChange({ ...form, ...change });
  const say = (name: keyof MeetingForm) => (errors[name] ? t(errors[name]) : null);
  return (
    <>
      <TextInput
        label={t('desk-title')}
        value={form.title}
        error={say('title')}
        maxLength={200}
        autofocus
        onValue={(title) => set({ title })}
        data-testid="meeting-title"
      />
      <div class="form__row">
        <TextInput
          label={t('desk-start')}
          type="datetime-local"
          value={form.start}
          error={say('start')}
          onValue={(start) => onChange(moveStart(form, start))}
          data-testid="meeting-start"
        />
        <TextInput
          label={t('desk-end')}
          type="datetime-local"
          value={form.end}
          error={say('end')}
          onValue={(end) => set({ end })}
          data-testid="meeting-end"
        />
        <Select label={t('desk-zone')} value={form.zone} options={zoneOptions(form.zone)} error={say('zone')} onValue={(zone) => set({ zone })} />
      </div>
      <div class="form__row">
        <TextInput label={t('desk-place')} optional value={form.place} maxLength={200} onValue={(place) => set({ place })} />
        <Select
          label={t('desk-language')}
          hint={t('desk-language-hint')}
          value={form.language}
          options={languages()}
          onValue={(language) => set({ language })}
        />
        {editing ? null : (
          <Select
            label={t('desk-label')}
            value={String(form.label)}
            options={labels(choices.ceiling)}
            error={say('label')}
            onValue={(label) => set({ label: Number(label) })}
            data-testid="meeting-label"
          />
        )}
      </div>
      <RulesSelect form={form} presets={choices.presets} onValue={(rules) => set({ rules })} />
      <TextArea
        label={t('desk-description')}
        optional
        rows={3}
        maxLength={20_000}
        value={form.description}
        onValue={(description) => set({ description })}
      />
    </>
  );
}

interface RulesSelectProps {
  form: MeetingForm;
  presets: RulesPreset[];
  onValue: (rules: string) => void;
}

function RulesSelect({ form, presets, onValue }: RulesSelectProps): VNode {
  const names = presets.map(({ name }) => name);
  const offered = names.includes(form.rules) ? names : [form.rules, ...names];
  const chosen = presets.find((preset) => preset.name === form.rules);
  return (
    <Select
      label={t('desk-rules')}
      hint={chosen ? rulesText(chosen.rules) : undefined}
      value={form.rules}
      options={offered.map((name) => ({ value: name, text: presetName(name) }))}
      onValue={onValue}
      data-testid="meeting-rules"
    />
  );
}

function languages(): Option[] {
  return [
    { value: 'vi', text: t('desk-language-vi') },
    { value: 'en', text: t('desk-language-en') },
  ];
}

function labels(ceiling: number): Option[] {
  return Array.from({ length: ceiling + 1 }, (_, label) => ({ value: String(label), text: t(`label-${label}`) }));
}
