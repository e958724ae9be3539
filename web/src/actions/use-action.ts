import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useAnnounce } from './announcer.tsx';

interface ActionOptions<T> {
  /** Says what has happened, of the answer. */
  readonly said: (answer: T) => string;
  readonly onDone?: (answer: T) => void;
}

/** Does something on the server; what is on screen is read anew, and what happened is announced. */
export function useAction<T, V = void>(run: (given: V) => Promise<T>, { said, onDone }: ActionOptions<T>) {
  const queries = useQueryClient();
  const announce = useAnnounce();
  return useMutation<T, Error, V>({
    mutationFn: run,
    onSuccess: (answer) => {
      announce(said(answer));
      void queries.invalidateQueries({ type: 'active' });
      onDone?.(answer);
    },
  });
}
