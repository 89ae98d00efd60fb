package io.jenkins.plugins.distributedtest.jenkins.build;

import hudson.model.Api;
import hudson.model.Item;
import hudson.model.ModelObject;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/**
 * One run of a build, {@code distributed-tests/run/ID}: its page, what the page asks for ({@code data}), its whole
 * JSON report ({@code report.json}), and its part of the REST API.
 */
@ExportedBean(defaultVisibility = 2)
public final class RunPage implements ModelObject {
    private static final String GZIP = "gzip";
    private static final int FIRST_FAILURES = 10;

    private final DistributedTestAction action;
    private final DistributedTestAction.StartedRun run;
    private RunSummary summary;

    RunPage(DistributedTestAction action, DistributedTestAction.StartedRun run) {
        this.action = action;
        this.run = run;
    }

    /** Where the run is to be found now. */
    public RunState state() {
        // In this order: a run that ends is in the files before it is no longer live.
        if (LiveRuns.find(run.runId()) != null) {
            return RunState.LIVE;
        }
        if (action.files().isThere(run.runId())) {
            return RunState.FINISHED;
        }
        return action.getBuild().isBuilding() ? RunState.WAITING : RunState.LOST;
    }

    /** {@code live}, {@code finished}, {@code waiting} or {@code lost}. */
    @Exported
    public String getState() {
        return state().word();
    }

    /** The run in short; read once for this object. Null while nothing is known of it. */
    private RunSummary summary() {
        if (summary == null) {
            LiveRun live = LiveRuns.find(run.runId());
            try {
                summary = live != null
                        ? RunSummary.of(live.report())
                        : action.files().readSummary(run.runId());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return summary;
    }

    /** The run's id. */
    @Exported
    public String getId() {
        return run.runId();
    }

    /** What it is called where it has no title: its number in the build, from 1. */
    private String numbered() {
        return "Run " + action.numberOf(run.runId());
    }

    /** What people call it; may be empty. */
    @Exported
    public String getTitle() {
        return run.title();
    }

    /** The flow node of the step that runs it; empty if there is none. */
    @Exported
    public String getFlowNodeId() {
        return run.flowNodeId();
    }

    /** Its page, relative to the build's page <em>Distributed tests</em>. */
    @Exported
    public String getUrl() {
        return "run/" + run.runId() + "/";
    }

    /** {@code running}, {@code completed}, {@code failed_fast}, {@code cancelled} or {@code error}; null if unknown. */
    @Exported
    public String getEnd() {
        return summary() == null ? null : summary().end();
    }

    /** What went wrong, if it ended in an error; else empty. Null if unknown. */
    @Exported
    public String getProblem() {
        return summary() == null ? null : summary().problem();
    }

    /** Whether everything ran and passed. */
    @Exported
    public boolean isGreen() {
        return summary() != null && summary().green();
    }

    /** When it started, ISO 8601 in UTC; null if unknown. */
    @Exported
    public String getStartedAt() {
        return summary() == null ? null : summary().startedAt();
    }

    /** Seconds from its start to its end, or until now. */
    @Exported
    public double getWallSeconds() {
        return summary() == null ? 0 : summary().wallSeconds();
    }

    /** The least wall time in seconds that was possible on these slots. */
    @Exported
    public double getLowerBoundSeconds() {
        return summary() == null ? 0 : summary().lowerBoundSeconds();
    }

    /** How many slots took part. */
    @Exported
    public int getSlots() {
        return summary() == null ? 0 : summary().slots();
    }

    /** How many listeners took part. */
    @Exported
    public int getListeners() {
        return summary() == null ? 0 : summary().listeners();
    }

    /** Its counts; null if nothing is known of it. */
    @Exported
    public RunTotals getTotals() {
        return summary() == null ? null : RunTotals.of(summary().counts());
    }

    /** Files that failed, the first 1,000 of them. */
    @Exported
    public List<RunFailure> getFailures() {
        return summary() == null
                ? List.of()
                : summary().failures().stream().map(RunFailure::new).toList();
    }

    /** The first few failures, for the build's main page. */
    public List<RunFailure> getFirstFailures() {
        return getFailures().stream().limit(FIRST_FAILURES).toList();
    }

    /** How many failures there are beyond the first few. */
    public int getMoreFailures() {
        return summary() == null ? 0 : Math.max(0, summary().counts().bad() - FIRST_FAILURES);
    }

    /** Its page, from Jenkins' root, with a slash at both ends. */
    public String getPath() {
        return action.urlOf(run.runId());
    }

    /** What is said of it in one line. */
    public String getSentence() {
        return RunSentence.of(state(), summary());
    }

    /** The build's page that this one is a part of. */
    public DistributedTestAction getAction() {
        return action;
    }

    /** Its title, or its number in the build. */
    @Exported
    @Override
    public String getDisplayName() {
        return run.title().isEmpty() ? numbered() : run.title();
    }

    /** For {@code api/json}. */
    public Api getApi() {
        return new Api(this);
    }

    /**
     * Tells the page what is new since it asked last. Read-only, so a plain GET.
     *
     * @param request with the parameter {@code cursor} of the last answer, if there was one
     * @param response gets the JSON of {@link PageAnswer}, packed where the browser takes it
     * @throws IOException if reading or writing fails
     */
    @GET
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        action.getBuild().checkPermission(Item.READ);
        LiveRun live = LiveRuns.find(run.runId());
        boolean packed = isPackedTaken(request);
        answerJson(response, packed);
        if (live != null) {
            write(live.answer(request.getParameter("cursor")), packed, response.getOutputStream());
        } else if (action.files().isThere(run.runId())) {
            copyPage(packed, response.getOutputStream());
        } else {
            boolean building = action.getBuild().isBuilding();
            write(building ? PageAnswer.waiting() : PageAnswer.lost(), packed, response.getOutputStream());
        }
    }

    /**
     * All of the run, as {@code docs/json-report.md} says; of one that goes on, all so far.
     *
     * @param request says whether a packed answer is taken
     * @param response gets the JSON; 404 if nothing is known of the run
     * @throws IOException if reading or writing fails
     */
    @GET
    @WebMethod(name = "report.json")
    public void doReportJson(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        action.getBuild().checkPermission(Item.READ);
        LiveRun live = LiveRuns.find(run.runId());
        Path file = action.files().report(run.runId());
        if (live == null && !Files.isRegularFile(file)) {
            response.sendError(StaplerResponse2.SC_NOT_FOUND, "Run " + run.runId() + " has no report");
            return;
        }
        boolean packed = isPackedTaken(request);
        answerJson(response, packed);
        try (OutputStream out =
                packed ? new GZIPOutputStream(response.getOutputStream()) : response.getOutputStream()) {
            if (live != null) {
                JsonReport.write(live.report().report(), out);
            } else {
                Files.copy(file, out);
            }
        }
    }

    private static boolean isPackedTaken(StaplerRequest2 request) {
        String accepted = request.getHeader("Accept-Encoding");
        return accepted != null && accepted.contains(GZIP);
    }

    private static void answerJson(StaplerResponse2 response, boolean packed) {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Vary", "Accept-Encoding");
        if (packed) {
            response.setHeader("Content-Encoding", GZIP);
        }
    }

    private static void write(PageAnswer answer, boolean packed, OutputStream to) throws IOException {
        try (OutputStream out = packed ? new GZIPOutputStream(to) : to) {
            answer.write(out);
        }
    }

    private void copyPage(boolean packed, OutputStream to) throws IOException {
        Path page = action.files().page(run.runId());
        if (packed) {
            Files.copy(page, to);
            return;
        }
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(page))) {
            in.transferTo(to);
        }
    }
}
