package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.gearman.GearmanQueue;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.zuul.ZuulExecutor;
import io.jenkins.plugins.distributedtest.zuul.task.HostState;
import io.jenkins.plugins.distributedtest.zuul.task.JobBook;
import io.jenkins.plugins.distributedtest.zuul.task.TaskBackend;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page that says what a standalone executor is doing: its servers, the jobs that run, and the last results. */
final class StatusPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int MAX_RESULT = 500;
    private static final String STYLE = "body{font:15px/1.5 system-ui,sans-serif;max-width:80rem;margin:2rem auto;"
            + "padding:0 1rem}table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;text-align:left;"
            + "vertical-align:top}td.result{white-space:pre-wrap}.bad{color:#b00}@media(prefers-color-scheme:dark){"
            + "body{background:#111;color:#ddd}a{color:#8bf}.bad{color:#f88}}";

    private final TaskBackend backend;
    private final ZuulExecutor executor;
    private final List<GearmanQueue> queues;
    private final String containers;

    /**
     * @param backend its jobs and its host
     * @param executor its servers
     * @param queues what waits at them
     * @param containers how processes are kept together, for people
     */
    StatusPage(TaskBackend backend, ZuulExecutor executor, List<GearmanQueue> queues, String containers) {
        this.backend = backend;
        this.executor = executor;
        this.queues = List.copyOf(queues);
        this.containers = containers;
    }

    /** The page as it is now. */
    String html() {
        Instant now = Instant.now();
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"5\">"
                + "<title>" + escaped(executor.identity().manager()) + "</title><style>" + STYLE
                + "</style></head><body>\n<h1>" + escaped(executor.identity().manager()) + "</h1>\n");
        host(html);
        servers(html);
        running(html, now);
        ended(html);
        return html.append("</body></html>\n").toString();
    }

    private void host(StringBuilder html) {
        HostState host = backend.hostState();
        html.append("<p>");
        if (host.isFit()) {
            html.append("This host takes jobs.");
        } else {
            html.append("<span class=\"bad\">No jobs are taken until ")
                    .append(TIME.format(host.until()))
                    .append(": ")
                    .append(escaped(host.fault().reason()))
                    .append("</span>");
        }
        html.append(" Processes are kept together by ")
                .append(escaped(containers))
                .append(".</p>\n");
    }

    private void servers(StringBuilder html) {
        Map<String, String> waiting = queues.stream()
                .collect(Collectors.toMap(
                        queue -> queue.server().toString(),
                        queue -> queue.waiting() == null ? "?" : queue.waiting().toString(),
                        (one, other) -> one));
        html.append("<h2>Gearman servers</h2>\n<table>\n<tr><th>server<th>connected since<th>functions<th>running"
                + "<th>places<th>waiting<th>taken<th>lost<th>last problem</tr>\n");
        for (WorkerStatus each : executor.status()) {
            String server = each.server().toString();
            html.append("<tr>");
            cell(html, server);
            html.append(
                    each.isConnected()
                            ? "<td>" + TIME.format(each.connectedSince()) + "</td>"
                            : "<td class=\"bad\">not connected</td>");
            cell(html, each.functions());
            cell(html, each.jobs().running());
            cell(html, each.jobs().capacity());
            cell(html, waiting.getOrDefault(server, "?"));
            cell(html, each.jobs().taken());
            cell(html, each.jobs().lost());
            cell(html, each.lastError());
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void running(StringBuilder html, Instant now) {
        List<JobBook.Running> jobs = backend.book().running();
        html.append("<h2>Jobs now: ").append(jobs.size()).append("</h2>\n<table>\n");
        if (!jobs.isEmpty()) {
            html.append("<tr><th>job<th>project<th>change<th>for<th>step<th>build</tr>\n");
        }
        for (JobBook.Running each : jobs) {
            html.append("<tr>");
            subject(html, each.subject(), each.url());
            cell(html, time(Duration.between(each.since(), now)));
            cell(html, each.step());
            cell(html, each.subject().unique());
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void ended(StringBuilder html) {
        List<JobBook.Ended> jobs = backend.book().ended();
        html.append("<h2>Last results</h2>\n<table>\n");
        if (!jobs.isEmpty()) {
            html.append("<tr><th>job<th>project<th>change<th>ended<th>took<th>result<th>build</tr>\n");
        }
        for (JobBook.Ended each : jobs) {
            html.append("<tr>");
            subject(html, each.subject(), each.url());
            cell(html, TIME.format(each.at()));
            cell(html, time(each.took()));
            String result = each.result();
            html.append("<td class=\"result")
                    .append(result.equals("SUCCESS") ? "" : " bad")
                    .append("\">");
            html.append(escaped(result.length() > MAX_RESULT ? result.substring(0, MAX_RESULT) + "…" : result));
            html.append("</td>");
            cell(html, each.subject().unique());
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private static void subject(StringBuilder html, JobBook.Subject subject, String url) {
        if (url != null && (url.startsWith("http://") || url.startsWith("https://"))) {
            html.append("<td><a href=\"").append(escaped(url)).append("\">");
            html.append(escaped(subject.job())).append("</a></td>");
        } else {
            cell(html, subject.job());
        }
        cell(html, subject.project());
        cell(html, subject.change());
    }

    private static void cell(StringBuilder html, Object value) {
        html.append("<td>").append(escaped(String.valueOf(value))).append("</td>");
    }

    private static String time(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
