import { useEffect, useState } from 'preact/hooks';
import { live } from './live';
import { Meeting } from './meeting';

const followed = new Map<string, { meeting: Meeting; readers: number }>();

/** Follow a meeting; views that follow the same one share it. Call `unfollow` once for each `follow`. */
export function follow(id: string): Meeting {
  const known = followed.get(id);
  if (known) {
    known.readers += 1;
    return known.meeting;
  }
  const meeting = new Meeting(id, live);
  followed.set(id, { meeting, readers: 1 });
  live.start();
  meeting.start();
  return meeting;
}

export function unfollow(id: string): void {
  const known = followed.get(id);
  if (!known) return;
  known.readers -= 1;
  if (known.readers > 0) return;
  followed.delete(id);
  known.meeting.stop();
}

/** Follow a meeting while the view is drawn; null until the first draw is done. */
export function useMeeting(id: string): Meeting | null {
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  useEffect(() => {
    setMeeting(follow(id));
    return () => {
      setMeeting(null);
      unfollow(id);
    };
  }, [id]);
  return meeting;
}
