/** One thing a person does that the server must agree to: busy while it travels, a failure to show when it does not arrive. */
import { useState } from 'preact/hooks';
import type { Failure } from '../api.ts';

export function useDeed() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = async (deed: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailure(null);
    try {
      await deed();
      return true;
    } catch (error) {
      setFailure(error as Failure); // every deed is a call of api.ts, which throws nothing else
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, run };
}
