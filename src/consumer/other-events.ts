import { z } from 'zod';
import { dataSchemaOf, envelopeSchema } from '../core/cloud-event.ts';

// Open to new kinds and members: a consumer that is older than the service must not fail an event that is only a report.

/** The events on `{findings}`. */
export const findingSchema = envelopeSchema(
  z.string().startsWith('com.paycools.finding.'),
  dataSchemaOf('finding'),
  z.looseObject({ kind: z.string(), product: z.string(), eventId: z.string(), summary: z.string() }),
);

/** The events on `{unrecognized}`. */
export const unrecognizedSchema = envelopeSchema(
  z.literal('com.paycools.unrecognized'),
  dataSchemaOf('unrecognized'),
  z.looseObject({ reason: z.string(), body: z.string() }),
);
