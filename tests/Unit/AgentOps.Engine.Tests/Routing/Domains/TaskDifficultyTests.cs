using AgentOps.Engine.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Routing.Domains;

public class TaskDifficultyTests
{
    [Fact]
    public void Without_sessions_a_score_is_what_is_expected()
    {
        Assert.Equal(0, TaskDifficulty.Ease([]));
        Assert.Equal(0, TaskDifficulty.Ease([(0.7, new OutcomeCount(0, 0))]));
        Assert.Equal(0.7, TaskDifficulty.Expect(0.7, 0), 1e-12);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(3.5)]
    public void Many_sessions_tell_the_ease_that_they_were_made_with(double ease)
    {
        const long Sessions = 1_000_000;
        var sessions = new[] { 0.2, 0.5, 0.8 }
            .Select(score => (score, new OutcomeCount((long)(Sessions * TaskDifficulty.Expect(score, ease)), Sessions)))
            .ToArray();
        Assert.Equal(ease, TaskDifficulty.Ease(sessions), 1e-3);
    }

    [Fact]
    public void Few_sessions_say_little()
    {
        var one = TaskDifficulty.Ease([(0.5, new OutcomeCount(1, 1))]);
        Assert.InRange(one, 0.05, 0.2);
        Assert.InRange(TaskDifficulty.Ease([(0.5, new OutcomeCount(16, 16))]), 1, 2);
    }

    [Fact]
    public void All_or_none_stays_a_probability_and_each_success_makes_it_easier() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(from score in Gen.Choose(0, 100) from completed in Gen.Choose(0, 1000) from ended in Gen.Choose(1, 1000) select (score / 100.0, Math.Min(completed, ended), ended)),
        sample =>
        {
            var (score, completed, ended) = sample;
            var ease = TaskDifficulty.Ease([(score, new OutcomeCount(completed, ended))]);
            var easier = TaskDifficulty.Ease([(score, new OutcomeCount(completed + 1, ended + 1))]);
            var harder = TaskDifficulty.Ease([(score, new OutcomeCount(completed, ended + 1))]);
            return double.IsFinite(ease) && easier >= ease && harder <= ease && TaskDifficulty.Expect(score, ease) is > 0 and < 1;
        }));
}
