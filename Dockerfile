# syntax=docker/dockerfile:1
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: the development dependency `node` would fetch a second Node.js.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
RUN node_modules/.bin/tsc -p src && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="paycools-webhooks" \
      org.opencontainers.image.description="Webhook receiver for PayCools merchants" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
ENV NODE_ENV=production OPS_HOST=0.0.0.0 SPOOL_DIR=/var/lib/paycools/spool
RUN mkdir -p /var/lib/paycools/spool && chown -R node:node /var/lib/paycools
VOLUME /var/lib/paycools
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT||8081}/livez`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# V8 lets its heap grow by less before it cleans up when the heap is small (test/bench/reconcile.ts). Megabytes.
CMD ["node", "--max-old-space-size=512", "--min-semi-space-size=8", "--max-semi-space-size=8", "dist/main.js"]
