import { cloneElement, type ComponentChildren, type VNode } from 'preact';
import { t, type Arguments } from './runtime';

const ELEMENT = /<(?<name>[a-z]+)>(?<inner>.*?)<\/\k<name>>/gsu;

interface LocalizedProps {
  id: string;
  args?: Arguments;
  /** What `<name>…</name>` in the text stands for: the element is cloned around the text inside. */
  elements?: Record<string, VNode>;
}

/** A text whose translation places elements: `Read the <link>rules</link>`. Never parses HTML. */
export function Localized({ id, args, elements = {} }: LocalizedProps): VNode {
  const text = t(id, args);
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(ELEMENT)) {
    const { name = '', inner = '' } = match.groups ?? {};
    const element = elements[name];
    parts.push(text.slice(end, match.index), element ? cloneElement(element, { key: match.index }, inner) : inner);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}
