import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Short files that run for a long time. vitest begins with large files, so these would keep one worker busy at the end. */
const LONG = /\/(faults|soak|rotation|upgrade|walkthrough|release-applied)\.test\.ts$/;

export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
