/** The pages of the site in the order of the navigation: source file and title. */
export const navigation: Readonly<Record<string, readonly (readonly [source: string, title: string])[]>> = {
  'Get started': [
    ['docs/README.md', 'Overview'],
    ['README.md', 'Try it'],
    ['docs/quick-start.md', 'Quick start'],
    ['docs/troubleshooting.md', 'Troubleshooting'],
    ['docs/migrating.md', 'Migrating'],
  ],
  'Write a worker': [
    ['docs/consuming.md', 'Consuming'],
    ['docs/events.md', 'Events'],
    ['docs/forwarding.md', 'Forwarding'],
    ['docs/client.md', 'Client'],
    ['docs/sandbox.md', 'Sandbox'],
    ['docs/errors.md', 'Errors'],
  ],
  Operate: [
    ['docs/deployment.md', 'Deployment'],
    ['docs/configuration.md', 'Configuration'],
    ['docs/operations.md', 'Operations and runbooks'],
    ['docs/upgrading.md', 'Upgrading'],
    ['docs/backup.md', 'Backup and restore'],
    ['docs/sizing.md', 'Sizing'],
    ['docs/console.md', 'Console'],
    ['docs/reconciliation.md', 'Reconciliation'],
    ['docs/metrics.md', 'Metrics'],
  ],
  Review: [
    ['docs/security.md', 'Security'],
    ['docs/reliability.md', 'Reliability'],
    ['docs/performance.md', 'Performance'],
    ['docs/protocol.md', 'Protocol'],
    ['docs/paycools.md', "PayCools's API"],
  ],
  Maintain: [
    ['CONTRIBUTING.md', 'Contributing'],
    ['docs/architecture.md', 'Architecture'],
    ['docs/decisions.md', 'Decisions'],
    ['CHANGELOG.md', 'Changes'],
  ],
};

/** The file of a page in the site: `docs/README.md` is the start page. */
export const fileOf = (source: string): string =>
  source === 'docs/README.md'
    ? 'index.html'
    : `${source
        .replace(/^docs\//, '')
        .replace(/\.md$/, '')
        .toLowerCase()}.html`;
