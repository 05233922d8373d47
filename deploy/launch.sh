# How Nave's Java is started, by ./nave in a checkout and inside the image alike. Sourced, with these set:
#   java     the program `java`
#   app      the folder with lib/, agent.classpath and, where they were made, the start-up caches
#   options  the folder with hub.options and agent.options
whole="-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
quiet="-Xlog:disable -Xlog:all=error:stderr"

# The jars in one fixed order, which the start-up caches depend on.
whole_classpath() { (cd "$app" && find "$app/lib" -name '*.jar' | LC_ALL=C sort | tr '\n' ':'); }

# The jars of an agent, as its module's build lists them, with BouncyCastle as the app has it.
agent_classpath() {
  printf '%s:' "$app"/lib/klusterlet-agent-*.jar "$app"/lib/cli-*-bouncycastle.jar
  sed "s#lib/#$app/lib/#g" "$app/agent.classpath"
}

# Whether this `join` is one the agent's own small program does: not when it explains itself, tells a status or
# answers /metrics, nor when the cluster's kubeconfig gets its credential from another program.
is_small() {
  shift
  of=''
  for word; do
    case "$word" in
      -h | --help | -V | --version | --status | --listen | --listen=*) return 1 ;;
      --kubeconfig=*) of=${word#*=} ;;
    esac
    [ "${before:-}" != --kubeconfig ] || of=$word
    before=$word
  done
  [ -z "$of" ] || ! grep -qsE '(^|[[:space:]{,])"?(exec|auth-provider)"?:' "$of"
}

# Makes a start-up cache: $1 its name, the rest a command of Nave that trains it. Without it all works, slower.
train_whole() {
  "$java" $whole -XX:AOTCacheOutput="$app/nave.aot" -cp "$(whole_classpath)" io.nave.cli.Nave demo --once -o json \
    >"$app/training.log" 2>&1 || rm -f "$app/nave.aot"
}

# An agent is trained against a hub and a practice cluster, by the load driver; $1 is the launcher to start them with.
train_agent() {
  NAVE_TRAINING=1 "$1" bench agent --size works=5 --seconds 1 \
    --agent-java-options "-XX:AOTCacheOutput=$app/agent.aot -XX:-AOTClassLinking" -o json >"$app/training-agent.log" 2>&1 ||
    rm -f "$app/agent.aot"
}

# Becomes Nave.
launch() {
  set_cache() { [ ! -f "$app/$1" ] || cache="-XX:AOTCache=$app/$1 $quiet"; }
  cache=''
  case "${1:-}" in
    join)
      export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
      if is_small "$@"; then
        shift
        set_cache agent.aot
        exec "$java" "@$options/agent.options" $cache ${NAVE_JAVA_OPTS:-} -cp "$(agent_classpath)" \
          io.nave.agent.program.AgentMain "$@"
      fi
      flags="-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=32m -Xms12m -Xmx96m -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=30"
      ;;
    hub)
      export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
      flags="@$options/hub.options"
      ;;
    bench)
      # The driver starts its hub the way it was started itself.
      # It only writes with the old generated protobuf classes, and reads nothing with them.
      set_cache nave.aot
      exec "$java" $whole $cache -Dnave.launcher="${NAVE_LAUNCHER:-}" -Dcom.google.protobuf.use_unsafe_pre22_gencode \
        -cp "$(whole_classpath)" io.nave.cli.Nave "$@"
      ;;
    # Everything else is over in a moment.
    *) flags="-XX:TieredStopAtLevel=1" ;;
  esac
  set_cache nave.aot
  exec "$java" $whole $flags $cache ${NAVE_JAVA_OPTS:-} -cp "$(whole_classpath)" io.nave.cli.Nave "$@"
}
