using Cpd.People.Contracts;

namespace Cpd.Forums.Meetings;

/// <summary>When in a term a forum meets.</summary>
internal enum PartOfTerm { Beginning, Middle, End }

/// <summary>Which day of a term is proposed for a forum's meeting: the weekday that the officer wants, as near as can be to the part of the term, on which the authority is open.</summary>
internal static class Proposal {
    /// <summary>Null when the term has no such day left.</summary>
    /// <param name="notBefore">What is past is not proposed.</param>
    internal static DateOnly? Day(TermCard term, DayOfWeek weekday, PartOfTerm part, IReadOnlySet<DateOnly> closed, DateOnly notBefore) {
        var first = term.StartsOn.AddDays(((int)weekday - (int)term.StartsOn.DayOfWeek + 7) % 7);
        var days = new List<DateOnly>();
        for (var day = first; day <= term.EndsOn; day = day.AddDays(7)) days.Add(day);
        var open = days.Where(d => !closed.Contains(d) && d >= notBefore).ToList();
        if (open.Count == 0) return null;
        // The first and the last week have enough of their own: the beginning is the second, the end the last but one.
        var wanted = days[part switch { PartOfTerm.Beginning => Math.Min(1, days.Count - 1), PartOfTerm.End => Math.Max(days.Count - 2, 0), _ => days.Count / 2 }];
        return open.OrderBy(d => Math.Abs(d.DayNumber - wanted.DayNumber)).ThenBy(d => d).First();
    }
}
