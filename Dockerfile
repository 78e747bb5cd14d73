# The gateway, and the Prosody beside it, for amd64, arm64 and arm/v7:
#   docker buildx build --platform linux/amd64,linux/arm64,linux/arm/v7 --target gateway .

# Compiled where it is built: what comes out is the same for every machine.
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS compiled
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY adapters adapters
RUN npm run build

FROM node:22-bookworm-slim AS libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM debian:trixie-slim AS prosody
RUN apt-get update \
 && apt-get install -y --no-install-recommends prosody prosody-modules \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 1000 -g 1000 -m 700 /data
COPY config/prosody/start.sh /usr/local/bin/start-prosody
USER 1000:1000
VOLUME /data
EXPOSE 5222 5280
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["lua5.4", "-e", "assert(require('socket').connect('127.0.0.1', 5347))"]
ENTRYPOINT ["start-prosody"]
CMD ["prosody", "-F", "--config", "/etc/prosody/prosody.cfg.lua"]

FROM node:22-bookworm-slim AS gateway
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssl \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 1000 -g 1000 -m 700 /data /volumes/gateway /volumes/prosody /volumes/mosquitto \
 && ln -s /app/bin/homeroster.js /usr/local/bin/homeroster
WORKDIR /app
COPY --from=libraries /app/node_modules node_modules
COPY --from=compiled /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY devices devices
COPY scripts/first-start.js scripts/
ENV NODE_ENV=production NODE_OPTIONS="--max-semi-space-size=1 --max-old-space-size=192" HOMEROSTER_DATA=/data
USER 1000:1000
VOLUME /data
EXPOSE 8480
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8480/healthz').then(({ok}) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["homeroster", "start", "--config", "/etc/homeroster/homeroster.yaml"]
