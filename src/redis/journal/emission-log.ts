import { emissionEntry } from '../../receive/journal.ts';
import type { EmissionLog } from '../../reconcile/ports.ts';
import type { JournalWriter } from './journal-writer.ts';

/** Records in the journal what reconciliations emit. */
export const createEmissionLog = (journal: JournalWriter): EmissionLog => ({
  record: async (events, runId) => {
    for (const event of events) journal.record(emissionEntry(event, runId));
    await journal.flush();
  },
});
