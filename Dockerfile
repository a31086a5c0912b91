# syntax=docker/dockerfile:1
# docker build -t cpd --build-arg VERSION=1.2.3 .
FROM node:22-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# The front end (styles, one script) is made by the build with npm.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUGET_PACKAGES=/cache/nuget npm_config_cache=/cache/npm
WORKDIR /source
COPY . .
ARG VERSION=1.0.0
RUN --mount=type=cache,target=/cache/nuget --mount=type=cache,target=/cache/npm \
    dotnet publish src/Host -c Release -o /app -p:Version=${VERSION} -p:RunAnalyzers=false \
    && mkdir -p /empty/data /empty/backups

# "extra" has ICU and the time zones: dates are shown in English and in Europe/London. There is no shell and no package manager in it.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
COPY --from=build /app /app
# What may be written: volumes at /data and /backups, and a tmpfs at /tmp for uploads. All else may be read-only.
COPY --from=build --chown=$APP_UID:$APP_UID /empty/data /data
COPY --from=build --chown=$APP_UID:$APP_UID /empty/backups /backups
WORKDIR /app
# The settings' own names: ASPNETCORE_URLS would lose against appsettings.json.
ENV urls=http://+:8080 data=/data
USER $APP_UID
EXPOSE 8080
VOLUME ["/data", "/backups"]
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "Cpd.Host.dll", "health"]
ENTRYPOINT ["dotnet", "Cpd.Host.dll"]
