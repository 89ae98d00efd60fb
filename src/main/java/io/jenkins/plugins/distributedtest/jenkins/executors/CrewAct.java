package io.jenkins.plugins.distributedtest.jenkins.executors;

/** Something that a {@link CrewPlan} wants done. */
sealed interface CrewAct {
    /**
     * An executor is to be asked for.
     *
     * @param seat its number
     * @param request which
     * @param listener the id that its listener is to have
     */
    record Ask(int seat, SeatRequest request, String listener) implements CrewAct {}

    /** An executor that has not come is no longer wanted. */
    record Withdraw(int seat) implements CrewAct {}

    /** An executor's listener is to end, and the executor to go back. */
    record Release(int seat) implements CrewAct {}

    /**
     * A listener is gone: its files are to go to others.
     *
     * @param listener its id
     * @param why for people
     */
    record Gone(String listener, String why) implements CrewAct {}

    /** The build's log is to say something. */
    record Say(String line) implements CrewAct {}
}
