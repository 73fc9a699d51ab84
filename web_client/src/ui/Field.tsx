import { CircleAlert } from 'lucide';
import type { ComponentChildren, Ref, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n';
import './field.css';
import { Icon } from './Icon';

/** What a control must carry so that its label, hint and error are read with it. */
export interface ControlIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}

export interface FieldTexts {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string | null;
  /** Says "optional" beside the label; everything else is required. */
  optional?: boolean;
}

export interface FieldProps extends FieldTexts {
  children: (ids: ControlIds) => ComponentChildren;
}

/** A control with its label, hint and error. */
export function Field({ label, hint, error, optional, children }: FieldProps): VNode {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
        {optional ? <span class="field__optional"> {t('common-optional')}</span> : null}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? 'true' : undefined })}
      {hint ? (
        <div class="field__hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
      {error ? (
        <div class="field__error" id={`${id}-error`}>
          <Icon icon={CircleAlert} size={18} />
          <span>{error}</span>
        </div>
      ) : null}
    </div>
  );
}

/** What every control takes; `onValue` gets each new value. */
interface Control extends FieldTexts {
  onValue?: (value: string) => void;
  value?: string;
  large?: boolean;
  name?: string;
  required?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  onBlur?: (event: FocusEvent) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  'data-testid'?: string;
}

interface TextControl extends Control {
  autocomplete?: string;
  inputMode?: 'text' | 'numeric';
  maxLength?: number;
  placeholder?: string;
  readOnly?: boolean;
  spellcheck?: boolean;
}

/** Gives a control the focus when it appears: browsers do so by themselves only while a page or a dialog opens. */
function useAutofocus<T extends HTMLElement>(wanted: boolean | undefined): Ref<T> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (wanted) ref.current?.focus();
  }, [wanted]);
  return ref;
}

function controlClass(large?: boolean): string {
  return large ? 'control control--large' : 'control';
}

export interface TextInputProps extends TextControl {
  type?: 'text' | 'password' | 'search' | 'datetime-local' | 'number';
  min?: string;
  max?: string;
  step?: string;
}

export function TextInput({ label, hint, error, optional, onValue, large, type, ...rest }: TextInputProps): VNode {
  const ref = useAutofocus<HTMLInputElement>(rest.autofocus);
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(ids) => (
        <input
          {...rest}
          {...ids}
          ref={ref}
          type={(type ?? 'text') as 'text'} // what is set here is common to all the kinds
          class={controlClass(large)}
          onInput={(event) => onValue?.(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface TextAreaProps extends TextControl {
  rows?: number;
}

export function TextArea({ label, hint, error, optional, onValue, large, ...rest }: TextAreaProps): VNode {
  const ref = useAutofocus<HTMLTextAreaElement>(rest.autofocus);
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(ids) => (
        <textarea
          {...rest}
          {...ids}
          ref={ref}
          class={controlClass(large)}
          onInput={(event) => onValue?.(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Option {
  value: string;
  text: string;
}

export interface SelectProps extends Control {
  options: Option[];
  value: string;
}

export function Select({ label, hint, error, optional, onValue, large, options, value, ...rest }: SelectProps): VNode {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(ids) => (
        <select
          {...rest}
          {...ids}
          class={controlClass(large)}
          value={value}
          onChange={(event) => onValue?.(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface CheckboxProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  checked: boolean;
  disabled?: boolean;
  onValue?: (checked: boolean) => void;
  'data-testid'?: string;
}

export function Checkbox({ label, hint, onValue, ...rest }: CheckboxProps): VNode {
  return (
    <label class="checkbox">
      <input {...rest} type="checkbox" onChange={(event) => onValue?.(event.currentTarget.checked)} />
      <span>
        {label}
        {hint ? <span class="checkbox__hint">{hint}</span> : null}
      </span>
    </label>
  );
}
