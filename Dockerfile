# KneeCartilageSeg on a cluster's nodes, without Slicer. Build and use: Documentation/development/release.md
FROM python:3.12-slim-bookworm

# What itk-elastix, VTK and matplotlib load where there is no display
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libgl1 libgomp1 libxrender1 \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/knee-cartilage-seg
COPY pyproject.toml README.md LICENSE.txt ./
COPY KneeCartilageSeg ./KneeCartilageSeg
# What is installed is the folder that was copied; there is no version to pin.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir ".[cluster]"

# Results belong to whoever runs the container: docker run --user "$(id -u):$(id -g)"
USER 1000
WORKDIR /data
ENV HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib

ENTRYPOINT ["knee-cartilage-seg"]
CMD ["--help"]
