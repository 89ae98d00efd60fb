package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.zuul.publish.PublishSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A configuration file of turbo-hipster. Keys of turbo-hipster that are not used, and unknown keys, are ignored with
 * a warning, as turbo-hipster ignores them; jobs of unsupported plugins are left out with a warning. The keys of {@link OwnSettings}
 * for limits ({@code capacity}, {@code timeout}, {@code keep_failed}, …) may stand beside them.
 */
final class TurboHipsterSettings {
    private static final Map<String, String> UNSUPPORTED = Map.of(
            "real_db_upgrade",
            "it needs turbo-hipster's own migration scripts for OpenStack Nova and a MySQL server. Run the migration from"
                    + " a shell_script with datasets: it gets each dataset's directory",
            "jjb_runner",
            "it runs builders of Jenkins Job Builder outside of Jenkins, and did not work in turbo-hipster either. Run"
                    + " the steps from a shell_script, or the job in Jenkins with the plugin");

    private final Section root;
    private final List<String> warnings = new ArrayList<>();

    private TurboHipsterSettings(Section root) {
        this.root = root;
    }

    static ExecutorSettings read(Section root) throws ConfigException {
        return new TurboHipsterSettings(root).read();
    }

    private ExecutorSettings read() throws ConfigException {
        Section zuul = root.section("zuul_server");
        GearmanServer server = GearmanServer.plain(
                zuul.required("gearman_host"), zuul.number("gearman_port", GearmanServer.DEFAULT_PORT, 1, 65_535));
        List<String> origins = new ArrayList<>();
        if (zuul.has("git_origin")) {
            origins.add(zuul.required("git_origin"));
        }
        if (zuul.has("gerrit_site")) {
            // Where turbo-hipster looks for what was merged.
            origins.add(zuul.required("gerrit_site").replaceFirst("/+$", "") + "/p");
        }
        Path jobs = required("jobs_working_dir");
        Path trees = required("git_working_dir");
        ExecutorSettings.Directories directories = new ExecutorSettings.Directories(jobs, trees, trees.resolve("kept"));
        ignore("pip_download_cache", "logs");
        List<TaskDefinition> tasks = tasks(root.duration("timeout", CommonSettings.TIMEOUT));
        PublishSettings publish = CommonSettings.publish(root.section("publish_logs"), "type", "prepend_url");
        ExecutorSettings.Builder settings = CommonSettings.limits(root)
                .servers(List.of(server))
                .directories(directories)
                .passEnvironment(root.texts("pass_environment", List.of("*")))
                .sources(CommonSettings.sources(root.section("sources"), directories.mirrors(), origins))
                .tasks(tasks)
                .publish(publish)
                .logFile(root.path("debug_log"));
        root.finish(warnings);
        return settings.warnings(warnings).build();
    }

    private Path required(String key) throws ConfigException {
        root.required(key);
        return root.path(key);
    }

    private void ignore(String... keys) {
        for (String key : keys) {
            if (root.has(key)) {
                warnings.add(key + " is ignored: only turbo-hipster's plugin real_db_upgrade used it");
            }
        }
    }

    private List<TaskDefinition> tasks(Duration timeout) throws ConfigException {
        List<TaskDefinition> tasks = new ArrayList<>();
        for (Section plugin : root.sections("plugins")) {
            add(tasks, plugin, plugin.required("name"), CommonSettings.jobName(plugin, "function"), timeout);
        }
        for (Section job : root.sections("jobs")) {
            String plugin = job.text("plugin", "shell_script");
            String name = CommonSettings.jobName(job, "name");
            // turbo-hipster loads plugins first, so that a job takes the place of one with its name.
            tasks.removeIf(task -> task.name().equals(name));
            add(tasks, job, plugin, name, timeout);
        }
        if (tasks.isEmpty()) {
            throw root.error(
                    "jobs",
                    "has no job that can be served" + (warnings.isEmpty() ? "" : ": " + String.join("; ", warnings)));
        }
        CommonSettings.checkUnique(tasks, root);
        return tasks;
    }

    private void add(List<TaskDefinition> tasks, Section entry, String plugin, String name, Duration timeout)
            throws ConfigException {
        if (plugin.equals("shell_script")) {
            tasks.add(CommonSettings.task(entry, name, CommonSettings.shell(entry), timeout));
            return;
        }
        entry.ignoreAll();
        warnings.add("build:" + name + " is not served: the plugin " + plugin + " is not supported, since "
                + UNSUPPORTED.getOrDefault(
                        plugin, "it is Python code for turbo-hipster. Run what it does from a shell_script"));
    }
}
