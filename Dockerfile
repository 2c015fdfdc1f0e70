# syntax=docker/dockerfile:1
# The base image. Pin its digest for releases: see docs/deployment.md.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: that of the development dependency `node` would download a second Node.js.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.mjs ./scripts/
COPY src ./src
RUN node scripts/build.mjs \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# Remove what only developers need: the compiler, which npm keeps as an optional peer of a dependency; types, source maps and
# manuals; the tests and benchmarks in packages. Keep licences.
RUN rm -rf node_modules/typescript node_modules/@typescript \
 && find node_modules -type d \( -name test -o -name tests -o -name benchmark -o -name benchmarks -o -name docs \
      -o -name example -o -name examples -o -name .github \) -prune -exec rm -rf {} + \
 && find node_modules dist -type f ! -iname 'licen[cs]e*' \
      \( -name '*.ts' -o -name '*.cts' -o -name '*.mts' -o -name '*.map' -o -name '*.md' \) -delete

FROM ${NODE_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.title="paycools-webhooks" \
      org.opencontainers.image.description="Webhook receiver for PayCools merchants" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-bookworm-slim" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
ENV NODE_ENV=production OPS_HOST=0.0.0.0 SPOOL_DIR=/var/lib/paycools/spool
# Nothing is installed at run time, so npm is removed.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn* \
 && mkdir /var/lib/paycools && chown node:node /var/lib/paycools \
 && ln -s /app/dist/cli/main.js /usr/local/bin/paycools
VOLUME /var/lib/paycools
COPY LICENSE ./
RUN printf '%s\n' "${REVISION}" > revision
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A number, so that Kubernetes can see that it is not root: the user `node` of the base image.
USER 1000:1000
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT||8081}/livez`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Node.js is process 1: it handles SIGTERM itself (test/deploy/image.test.ts) and starts no other process.
# Sizes are in MB. With a small heap limit V8 collects earlier, so resident memory remains low (test/bench/reconcile.ts).
# Pretenuring would place parts of a callback among old objects, where they keep the rest of it alive (docs/performance.md).
CMD ["node", "--max-old-space-size=512", "--min-semi-space-size=16", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "dist/main.js"]
