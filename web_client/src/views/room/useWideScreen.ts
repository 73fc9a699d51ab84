import { useEffect, useState } from 'preact/hooks';

/** Whether the window is at least this wide, followed while it changes. */
export function useWideScreen(width: string): boolean {
  const query = `(width >= ${width})`;
  const [wide, setWide] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = () => setWide(list.matches);
    list.addEventListener('change', follow);
    follow();
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return wide;
}
