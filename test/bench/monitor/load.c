// load PROCESSES RATE SECONDS PROGRAM: forks and runs PROGRAM so often a second in all (0: as fast as it can), waits for each, and prints how many there were.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static long run(double rate, double seconds, char *program) {
  char *arguments[] = {program, NULL};
  double begin = now();
  long count = 0;
  while (now() - begin < seconds) {
    pid_t child = vfork();
    if (child == 0) {
      execv(program, arguments);
      _exit(127);
    }
    if (child < 0) break;
    waitpid(child, NULL, 0);
    count++;
    double wait = rate > 0 ? begin + count / rate - now() : 0;
    if (wait > 0) usleep(wait * 1e6);
  }
  return count;
}

int main(int count, char **values) {
  if (count < 5) return 2;
  int processes = atoi(values[1]);
  for (int number = 0; number < processes; number++) {
    if (fork() == 0) {
      printf("%ld\n", run(atof(values[2]) / processes, atof(values[3]), values[4]));
      return 0;
    }
  }
  while (wait(NULL) > 0);
  return 0;
}
