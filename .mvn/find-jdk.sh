# Sourced by ./mvnw and ./nave: find_jdk prints the home of a JDK 25 or newer, or says what to install.
find_jdk() {
  for home in "${NAVE_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/java/* /opt/*jdk*25* \
    "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    [ "${version:-0}" -eq 25 ] && { echo "$home"; return 0; }
  done
  echo "Nave needs a JDK 25: install one (on Debian or Ubuntu: temurin-25-jdk or openjdk-25-jdk) or point JAVA_HOME at it." >&2
  return 1
}
